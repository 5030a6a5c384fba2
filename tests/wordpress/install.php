<?php
// Installs WordPress into the empty database that wp-config.php names: php install.php <folder> <address>
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = parse_url( $argv[2], PHP_URL_HOST ) . ':' . parse_url( $argv[2], PHP_URL_PORT );
define( 'WP_SITEURL', $argv[2] );
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Sister local', 'admin', 'admin@sister.example', false, '', 'secret' );
update_option( 'home', $argv[2] );
update_option( 'siteurl', $argv[2] );
wp_insert_user( array( 'user_login' => 'author', 'user_pass' => 'secret', 'role' => 'author' ) );
